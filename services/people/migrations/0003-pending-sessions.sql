-- A session that is not usable yet: the password was right, and what else a sign-in takes is still to come.
ALTER TABLE sessions ADD COLUMN pending boolean NOT NULL DEFAULT false;
