#!/bin/sh
# The roles and the database of masp, once, when the database server is made.
set -eu
psql -v ON_ERROR_STOP=1 -U postgres -v owner="$(cat /run/secrets/owner)" -v app="$(cat /run/secrets/app)" <<'SQL'
CREATE ROLE masp_owner LOGIN PASSWORD :'owner';
CREATE ROLE masp_app LOGIN PASSWORD :'app';
CREATE ROLE masp_read NOLOGIN;
CREATE ROLE masp_reach NOLOGIN;
ALTER ROLE masp_app NOINHERIT;
GRANT masp_reach TO masp_app;
CREATE ROLE masp_backup LOGIN BYPASSRLS;
GRANT pg_read_all_data TO masp_backup;
CREATE DATABASE masp OWNER masp_owner TEMPLATE template0 ENCODING 'UTF8';
SQL
