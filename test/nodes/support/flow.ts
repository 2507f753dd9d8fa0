export interface FlowNode {
  id: string;
  type: string;
  [setting: string]: unknown;
}

export const NUMBER = '100000000000001';

export const accountNode = (settings: object = {}): FlowNode => ({
  id: 'account',
  type: 'whatsapp-calling-account',
  connection: 'simulator',
  phoneNumberId: NUMBER,
  displayNumber: '15550000001',
  policy: 'cautious',
  records: 'flow',
  ...settings,
});

/** An action node on the tab with all its outputs wired to a helper node each: `<id>-1`, `<id>-2` … */
export function wired(
  id: string,
  type: string,
  outputs: number,
  settings: object = {},
): FlowNode[] {
  const ports = Array.from({ length: outputs }, (_, index) => `${id}-${index + 1}`);
  return [
    {
      id,
      type,
      z: 'tab',
      account: 'account',
      contact: 'payload',
      contactType: 'msg',
      ...settings,
      wires: ports.map((port) => [port]),
    },
    ...ports.map((port) => ({ id: port, type: 'helper', z: 'tab', wires: [] })),
  ];
}

export const check = (settings: object = {}, id = 'check'): FlowNode[] =>
  wired(id, 'whatsapp-check-permission', 4, { ask: 'auto', ...settings });

export const request = (settings: object = {}, id = 'request'): FlowNode[] =>
  wired(id, 'whatsapp-request-permission', 4, {
    kind: 'auto',
    template: 'may_we_call',
    language: 'en',
    body: '',
    bodyType: 'str',
    ...settings,
  });

export const webhook = (settings: object = {}, id = 'webhook'): FlowNode[] =>
  wired(id, 'whatsapp-handle-webhook', 7, settings);

/** Every node of the package once, ids as their names, outputs wired; settings by id. */
export const everyNode = (settings: { [id: string]: object } = {}): FlowNode[] => [
  { id: 'tab', type: 'tab', label: 'flow' },
  accountNode(settings['account']),
  ...check(settings['check']),
  ...request(settings['request']),
  ...wired('place', 'whatsapp-place-call', 4, { media: 'message', ...settings['place'] }),
  ...wired('end', 'whatsapp-end-call', 1, settings['end']),
  ...webhook(settings['webhook']),
  ...wired('to-opt-out', 'whatsapp-revoke', 1, { action: 'opt-out' }),
  ...wired('to-restore', 'whatsapp-revoke', 1, { action: 'restore' }),
  ...wired('to-forget', 'whatsapp-revoke', 1, { action: 'forget' }),
  { id: 'faults', type: 'catch', z: 'tab', scope: null, wires: [['caught']] },
  { id: 'caught', type: 'helper', z: 'tab', wires: [] },
];
