-- What dasi-witness may call.  PostgreSQL knows no Ed25519, so signatures and
-- roots are judged there; here only the outcome is kept.
\set ON_ERROR_STOP on
BEGIN;

-- Branches with a checkpoint to judge: a signature can be judged at once,
-- the root when the rows are there.
CREATE VIEW dasi.witness_work AS
	SELECT b.branch, b.origin, b.log_key, s.size, s.checkpoint_note,
	       s.cosigned_note, s.frontier
	  FROM dasi.branch b JOIN dasi.branch_state s USING (branch)
	 WHERE s.checkpoint_size > s.cosigned_size
	   AND s.checkpoint_note <> '';

-- Keep a cosigned checkpoint.  False when a newer one is there or the note it
-- was made from is no longer the branch's newest.
CREATE FUNCTION dasi.cosign(p_branch text, p_from_note text, p_size bigint,
    p_note text, p_frontier bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
	UPDATE dasi.branch_state SET cosigned_size = p_size,
	    cosigned_note = p_note, frontier = p_frontier
	 WHERE branch = p_branch AND cosigned_size < p_size
	   AND size >= p_size AND checkpoint_size >= p_size
	   AND (checkpoint_note = p_from_note OR checkpoint_size > p_size);
	RETURN FOUND;
END $$;

-- Refuse a checkpoint: it is recorded, and the newest good one stands again.
-- After 'root' too: what comes next is judged against that.
CREATE FUNCTION dasi.refuse(p_branch text, p_kind text, p_note text,
    p_seq bigint, p_root bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
	st dasi.branch_state;
BEGIN
	SELECT * INTO st FROM dasi.branch_state WHERE branch = p_branch
	   FOR UPDATE;
	IF st.checkpoint_note IS DISTINCT FROM p_note THEN
		RETURN;
	END IF;
	PERFORM dasi.find(p_branch, p_kind, p_seq, p_root, st.checkpoint_root,
	    convert_to(p_note, 'UTF8'));
	UPDATE dasi.branch_state SET checkpoint_size = cosigned_size,
	    checkpoint_note = cosigned_note,
	    checkpoint_root = CASE WHEN cosigned_note = '' THEN ''::bytea
	        ELSE decode(split_part(cosigned_note, E'\n', 3), 'base64') END
	 WHERE branch = p_branch;
END $$;

COMMIT;
