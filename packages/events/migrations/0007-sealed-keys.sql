-- Keys that a release before encryption left in the clear: found at once at every start, where there are none.
CREATE INDEX subjects_bare ON subjects (id) WHERE octet_length(key) = 32;
