// Confirmation and "select all" for the lists. Flask-Admin's own lists use inline event handlers, which
// the Content-Security-Policy forbids.
document.addEventListener("submit", (event) => {
  const question = event.submitter && event.submitter.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
  }
});

document.addEventListener("change", (event) => {
  const name = event.target.dataset.selectAll;
  if (name) {
    document.querySelectorAll(`input[name="${name}"][type="checkbox"]`).forEach((box) => {
      box.checked = event.target.checked;
    });
  }
});
