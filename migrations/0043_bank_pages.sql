-- +goose Up
-- When a file of the bank came says nothing of a person: whoever reads one of its statements may know it.
-- Who brought it, how large it is and its bytes stay with those who see the whole house.
GRANT SELECT (received_at) ON masp.bank_files TO masp_reach;
