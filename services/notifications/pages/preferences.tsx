/** What one wants to be told, and over which channel: saved with each click. */
import { Switch } from '@mantine/core';
import { ErrorState, Link, Page, Panel, useAct, useRead } from '@moonbase/ui';
import { notificationsApi } from '../api.ts';
import { type Channel, channel, type Kind, kind } from '../schema.ts';
import classes from './inbox.module.css';
import { channelWords, kindWords } from './words.ts';

const explained: Record<Kind, string> = {
  'target-reached': 'A target of yours, of your team or branch, or of those you lead passes a threshold.',
  'agent-deactivated': 'An agent is deactivated; told to those who lead.',
  'statement-closed': 'Your commission statement of a month is closed.',
  'dispute-raised': 'A commission statement is disputed; told to those who decide.',
  'dispute-decided': 'A dispute about your commission statement is decided.',
  anomaly: 'Something that you may see looks unusual; at most three an hour.',
  'anomaly-summary': 'What else looked unusual in an hour, summed up at its end.',
  message: 'Somebody writes to you.',
};

export default function PreferencesPage() {
  const preferences = useRead(notificationsApi.readPreferences);
  const set = useAct(notificationsApi.setPreferences, { invalidates: [notificationsApi.readPreferences] });
  const isWanted = (of: Kind, over: Channel) => {
    // While it is being saved the switch shows what it was set to.
    const saving = set.isPending ? set.variables.body.items : [];
    const items = [...(preferences.data?.items ?? []), ...saving];
    return items.findLast((each) => each.kind === of && each.channel === over)?.wanted ?? false;
  };
  return (
    <Page title="Preferences" width="form" description="What you are told, and how.">
      {preferences.error && (
        <ErrorState error={preferences.error} onRetry={() => void preferences.refetch()} />
      )}
      <Panel flush>
        <table className={classes.grid}>
          <thead>
            <tr>
              <th scope="col">What</th>
              {channel.options.map((over) => (
                <th key={over} scope="col">
                  {channelWords[over]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {kind.options.map((of) => (
              <tr key={of}>
                <th scope="row">
                  {kindWords[of]}
                  <small>{explained[of]}</small>
                </th>
                {channel.options.map((over) => (
                  <td key={over}>
                    <Switch
                      aria-label={`${kindWords[of]}: ${channelWords[over]}`}
                      checked={isWanted(of, over)}
                      disabled={!preferences.data}
                      onChange={(event) =>
                        set.mutate({
                          body: {
                            items: [{ kind: of, channel: over, wanted: event.currentTarget.checked }],
                          },
                        })
                      }
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Panel>
      <p>
        Webhooks get what you are told once you have added one under{' '}
        <Link to="/notifications/webhooks" style={{ textDecoration: 'underline' }}>
          Webhooks
        </Link>
        .
      </p>
    </Page>
  );
}
