// Flask-Admin's own pages ask and select with inline handlers, which the policy of these pages forbids.
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
