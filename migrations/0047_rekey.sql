-- +goose Up
-- The key of the second factors is changed for another one: what is encrypted with the old one is encrypted
-- anew, by an admin (before production by the operator too). The secrets themselves stay; no authenticator
-- has to be set up again.

-- reseal_logins replaces what is stored of second factors, each only while it still is what was read.
-- +goose StatementBegin
CREATE FUNCTION masp.reseal_logins(of_users text[], were bytea[], sealed bytea[], marks bytea[], by_secret text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text := masp.proven(by_secret, ARRAY['admin'], NULL);
BEGIN
    UPDATE masp.logins l SET totp_sealed = n.sealed, totp_mark = n.mark
      FROM unnest(of_users, were, sealed, marks) AS n (user_id, was, sealed, mark)
     WHERE l.user_id = n.user_id AND l.totp_sealed = n.was;
    RETURN who;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION masp.reseal_logins(text[], bytea[], bytea[], bytea[], text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION masp.reseal_logins(text[], bytea[], bytea[], bytea[], text) TO masp_app;
