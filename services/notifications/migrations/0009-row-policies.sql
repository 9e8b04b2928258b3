-- Who sees which rows: everybody what was told to themselves; senders and operators of the whole see all.
SELECT moonbase.limit_rows('notifications.notifications', agent => 'agent_id', person => 'person_id');
SELECT moonbase.limit_rows_by('notifications.outbox',
                              'EXISTS (SELECT FROM notifications.notifications n WHERE n.id = outbox.id)');
SELECT moonbase.limit_rows('notifications.preferences', person => 'person_id');
SELECT moonbase.limit_rows('notifications.endpoints', person => 'person_id');
SELECT moonbase.limit_rows('notifications.people', person => 'id');
SELECT moonbase.limit_rows('notifications.agents', agent => 'id', team => 'team_id', branch => 'branch_id');
