-- Who sees which rows: everybody themselves, and who may see people all of them. Hosts read rights as the system.
SELECT moonbase.limit_rows('people.people', person => 'id');
SELECT moonbase.limit_rows('people.' || own, person => 'person_id') FROM unnest(ARRAY['sessions', 'accounts']) AS own;
-- What proves something is for nobody who does not reach everything.
SELECT moonbase.limit_rows('people.' || secret) FROM unnest(ARRAY['verifications', 'keys', 'secrets']) AS secret;
