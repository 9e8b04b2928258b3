import type { Find } from '@moonbase/ui/pages.ts';

const find: Find = async (text) =>
  ['Amara Silva', 'Amir Haddad', 'Nimal Perera']
    .filter((name) => name.toLowerCase().includes(text.toLowerCase()))
    .map((name) => ({ title: name, detail: 'Agent · Harbour', to: '/agents' }));

export default find;
