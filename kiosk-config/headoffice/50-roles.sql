-- Who may do what.  Branches, the witness and auditors log in as roles of
-- their own that are members of one of these; nobody logs in as dasi_owner.
\set ON_ERROR_STOP on
BEGIN;

DO $$
DECLARE
	r text;
BEGIN
	FOREACH r IN ARRAY ARRAY['dasi_owner', 'dasi_branch', 'dasi_witness',
	    'dasi_auditor'] LOOP
		IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN
			EXECUTE format('CREATE ROLE %I NOLOGIN', r);
		END IF;
	END LOOP;
END $$;

-- Register a branch that will log in as the existing role p_login.
CREATE FUNCTION dasi.branch_add(p_branch text, p_origin text, p_log_key text,
    p_login name) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
	INSERT INTO dasi.branch (branch, origin, log_key, login)
	VALUES (p_branch, p_origin, p_log_key, p_login);
	INSERT INTO dasi.branch_state (branch) VALUES (p_branch);
	EXECUTE format('GRANT dasi_branch TO %I', p_login);
	EXECUTE format('ALTER ROLE %I SET statement_timeout = ''60s''', p_login);
	EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout'
	    ' = ''60s''', p_login);
	EXECUTE format('ALTER ROLE %I CONNECTION LIMIT 4', p_login);
END $$;

ALTER SCHEMA dasi OWNER TO dasi_owner;
DO $$
DECLARE
	o record;
BEGIN
	FOR o IN SELECT c.oid::regclass AS name, c.relkind FROM pg_class c
	    WHERE c.relnamespace = 'dasi'::regnamespace
	      AND c.relkind IN ('r', 'p', 'v') LOOP
		EXECUTE format('ALTER %s %s OWNER TO dasi_owner',
		    CASE o.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, o.name);
	END LOOP;
	FOR o IN SELECT p.oid::regprocedure AS name FROM pg_proc p
	    WHERE p.pronamespace = 'dasi'::regnamespace LOOP
		EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', o.name);
		-- registering makes grants, so it stays the administrator's
		IF o.name <> 'dasi.branch_add(text,text,text,name)'::regprocedure THEN
			EXECUTE format('ALTER FUNCTION %s OWNER TO dasi_owner', o.name);
		END IF;
	END LOOP;
END $$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA dasi TO dasi_branch, dasi_witness, dasi_auditor;

GRANT EXECUTE ON FUNCTION dasi.checkpoint(text, bigint),
    dasi.append(bigint, bytea[], bytea[]) TO dasi_branch;

GRANT SELECT ON dasi.witness_work, dasi.audit_row TO dasi_witness;
GRANT EXECUTE ON FUNCTION dasi.cosign(text, text, bigint, text, bytea),
    dasi.refuse(text, text, text, bigint, bytea) TO dasi_witness;

GRANT SELECT ON dasi.row_list, dasi.branch_status, dasi.silence_alarm,
    dasi.gap_list, dasi.finding_list, dasi.daily_totals, dasi.payment_list,
    dasi.daily_payments, dasi.payment_check TO dasi_auditor;
GRANT EXECUTE ON FUNCTION dasi.row_parts(bytea),
    dasi.cbor_head(bytea, integer) TO dasi_auditor;

COMMIT;
