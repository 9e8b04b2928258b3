import { Link } from '@moonbase/ui/address.tsx';
import { EmptyState } from '@moonbase/ui/states.tsx';
import { IconMoonStars } from '@tabler/icons-react';

export function NotFound() {
  return (
    <div style={{ paddingTop: '12vh' }}>
      <title>Not found · Moonbase</title>
      <EmptyState
        page
        icon={IconMoonStars}
        title="There is nothing at this address"
        text="The link may be old, or what it pointed to was deleted."
        action={<Link to="/">Go to the overview</Link>}
      />
    </div>
  );
}
