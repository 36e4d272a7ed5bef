#!/bin/sh
# Runs once, when the database is created: the service's role owns its database and is no superuser.
set -e
# psql reads the password from the environment: arguments are visible to other processes.
psql --no-psqlrc --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres <<'SQL'
\getenv password SERVICE_PASSWORD
CREATE ROLE service LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE service OWNER service;
SQL
