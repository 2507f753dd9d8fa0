import type { FlowNode } from '../../examples/support/files';

/** What begins a line of the log that tells an event. */
export const MARK = 'EVENT ';

/** An event as the flow heard of it. `now`: epoch milliseconds of the simulator's clock. */
export interface Told {
  type: string;
  payload: string;
  at: string;
  now: number;
  memo?: string;
  call?: string;
  /** Whether it came with a webhook. */
  isWebhook: boolean;
}

/** What became of somebody whom the flow was to call. */
export interface Outcome {
  state: string;
  reason: string;
  retryAt: string | null;
  request?: string;
  call?: string;
  isLimited: boolean;
  error?: string;
}

const node = (id: string, type: string, settings: object): FlowNode => ({
  id,
  type,
  z: 'tab',
  ...settings,
});

const action = (id: string, type: string, wires: string[][], settings: object = {}): FlowNode =>
  node(id, type, {
    account: 'account',
    contact: 'payload',
    contactType: 'msg',
    remind: true,
    ...settings,
    wires,
  });

const program = (id: string, func: string, wires: string[][], outputs = 1): FlowNode =>
  node(id, 'function', { func, outputs, wires });

/**
 * Check, ask, call, as in the recommended flow: `POST /call` with phone and memo answers what became of it. Who writes
 * STOP is never called again, and each event goes to the log with the simulator's time.
 */
export const monthFlow = (phoneNumberId: string): FlowNode[] => [
  { id: 'tab', type: 'tab', label: 'a month' },
  {
    id: 'account',
    type: 'whatsapp-calling-account',
    connection: 'simulator',
    phoneNumberId,
    displayNumber: '15550000001',
    policy: 'cautious',
    records: 'flow',
  },
  node('in', 'http in', { url: '/call', method: 'post', wires: [['read']] }),
  program(
    'read',
    'Object.assign(msg, { payload: msg.payload.phone, memo: msg.payload.memo }); return msg;',
    [['check']],
  ),
  action('check', 'whatsapp-check-permission', [['place'], ['request'], ['limited'], ['request']], {
    ask: 'auto',
  }),
  action(
    'request',
    'whatsapp-request-permission',
    [['answer'], ['place'], ['limited'], ['answer']],
    {
      kind: 'template',
      template: 'may_we_call',
      language: 'en',
    },
  ),
  action('place', 'whatsapp-place-call', [['answer'], ['request'], ['limited'], ['answer']], {
    media: 'message',
  }),
  node('faults', 'catch', { scope: null, wires: [['answer']] }),
  program('limited', 'msg.isLimited = true; return msg;', [['answer']]),
  program(
    'answer',
    `const { state, reason, retryAt } = msg.permission ?? {};
    msg.payload = {
      state, reason, retryAt, isLimited: msg.isLimited === true,
      request: msg.request?.id, call: msg.call?.id, error: msg.error && (msg.error.code + ' ' + msg.error.message),
    };
    return msg;`,
    [['out']],
  ),
  node('out', 'http response', { wires: [] }),
  action(
    'heard',
    'whatsapp-handle-webhook',
    Array.from({ length: 7 }, () => ['report']),
  ),
  program(
    'report',
    `const { type, at, raw } = msg.event;
    if (type === 'unknown') return null;
    node.log('${MARK}' + JSON.stringify({
      type, payload: msg.payload, at, now: global.get('clock', 'memory').now(), memo: msg.memo, call: msg.call?.id,
      isWebhook: raw !== null,
    }));
    return raw?.text?.body === 'STOP' ? msg : null;`,
    [['stop']],
  ),
  action('stop', 'whatsapp-revoke', [[]], { action: 'opt-out' }),
];
