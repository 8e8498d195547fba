// An app made with Slack's own Bolt for JavaScript and nothing else, which the tests drive through the
// stand-in Slack. It knows no more of the stand-in than where it listens. Addresses and tokens: environment.

import bolt from '@slack/bolt';

const plain = (text) => ({ type: 'plain_text', text });
const says = (text) => ({ type: 'section', text: { type: 'mrkdwn', text } });
const chosen = (label, value) => ({ text: plain(label), value });

const form = {
  type: 'modal',
  callback_id: 'form',
  title: plain('Days off'),
  submit: plain('Send'),
  close: plain('Not now'),
  notify_on_close: true,
  private_metadata: 'round-7',
  blocks: [
    {
      type: 'input',
      block_id: 'days',
      label: plain('How many days?'),
      element: { type: 'plain_text_input', action_id: 'answer', max_length: 20 },
    },
    {
      type: 'input',
      block_id: 'mood',
      optional: true,
      label: plain('How was the week?'),
      element: {
        type: 'radio_buttons',
        action_id: 'answer',
        options: [chosen('Good', '1'), chosen('Hard', '2')],
      },
    },
  ],
};

const check = (days) => ({
  type: 'modal',
  callback_id: 'check',
  title: plain('Is that right?'),
  submit: plain('Yes'),
  private_metadata: days,
  blocks: [
    says(`You asked for *${days}* days.`),
    {
      type: 'actions',
      block_id: 'more',
      elements: [{ type: 'button', action_id: 'explain', text: plain('Explain'), value: 'days' }],
    },
  ],
});

const explanation = {
  type: 'modal',
  callback_id: 'explanation',
  title: plain('How it works'),
  close: plain('Back'),
  notify_on_close: true,
  blocks: [says('Days off are days off.')],
};

const loading = { type: 'modal', title: plain('Days off'), blocks: [says('One moment.')] };

const app = new bolt.App({
  token: process.env.BOT_TOKEN,
  appToken: process.env.APP_TOKEN,
  socketMode: true,
  logLevel: bolt.LogLevel.ERROR,
  clientOptions: { slackApiUrl: process.env.API_URL },
});

app.command('/pulse', async ({ ack, body, client }) => {
  await ack();
  const opened = await client.views.open({ trigger_id: body.trigger_id, view: loading });
  await client.views.update({ view_id: opened.view.id, hash: opened.view.hash, view: form });
});

app.view('form', async ({ ack, view }) => {
  const days = view.state.values.days.answer.value;
  if (!/^\d+$/.test(days)) {
    await ack({ response_action: 'errors', errors: { days: 'Please write a number.' } });
    return;
  }
  await ack({ response_action: 'update', view: check(days) });
});

app.view({ callback_id: 'form', type: 'view_closed' }, async ({ ack, body, client }) => {
  await ack();
  await client.chat.postMessage({ channel: body.user.id, text: 'Nothing was sent.' });
});

app.action('explain', async ({ ack, body, client }) => {
  await ack();
  await client.views.push({ trigger_id: body.trigger_id, view: explanation });
});

app.view({ callback_id: 'explanation', type: 'view_closed' }, async ({ ack }) => {
  await ack();
});

app.view('check', async ({ ack, body, view, client }) => {
  await ack({ response_action: 'clear' });
  await client.chat.postMessage({
    channel: body.user.id,
    text: 'Your days off',
    blocks: [
      says(`*${view.private_metadata}* days are noted.`),
      {
        type: 'actions',
        block_id: 'after',
        elements: [{ type: 'button', action_id: 'thanks', text: plain('Thank you'), value: 'yes' }],
      },
    ],
  });
});

app.action('thanks', async ({ ack, body, client }) => {
  await ack();
  await client.chat.postEphemeral({
    channel: body.channel.id,
    user: body.user.id,
    text: 'You are welcome.',
  });
});

app.event('app_home_opened', async ({ event, client }) => {
  await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: [says('Welcome home.')] } });
});


await app.start();
