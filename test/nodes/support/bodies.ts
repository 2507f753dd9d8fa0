import { NUMBER, START, USER } from './stage';

/** A whole second after the start, as WhatsApp writes it. */
export const seconds = (after: number): string => String(START / 1000 + after);

const METADATA = { display_phone_number: '15550000001', phone_number_id: NUMBER };

/** A webhook body about one user of the account's number, in Meta's words of 2026-06-26. */
export const body = (field: 'calls' | 'messages', parts: object, contacts?: object[]): object =>
  bodyOf({
    field,
    value: {
      messaging_product: 'whatsapp',
      metadata: METADATA,
      contacts: contacts ?? [{ wa_id: USER }],
      ...parts,
    },
  });

export const bodyOf = (...changes: object[]): object => ({
  object: 'whatsapp_business_account',
  entry: [{ id: '200000000000001', changes }],
});

/** Several bodies in one, as WhatsApp batches them. */
export const batch = (...bodies: object[]): object => ({
  object: 'whatsapp_business_account',
  entry: bodies.flatMap((each) => (each as { entry: object[] }).entry),
});

export const wrote = (id: string, at = seconds(0), text = 'hello'): object =>
  body('messages', {
    messages: [{ from: USER, id, timestamp: at, type: 'text', text: { body: text } }],
  });

/** The user's word on calls. Without `request` it stands alone, as in the business profile. */
export const replied = (
  response: 'accept' | 'reject',
  { id = 'wamid.R1', at = seconds(0), permanent = true, automatic = false, request = '' } = {},
): object =>
  body('messages', {
    messages: [
      {
        from: USER,
        id,
        timestamp: at,
        type: 'interactive',
        ...(request && { context: { id: request } }),
        interactive: {
          type: 'call_permission_reply',
          call_permission_reply: {
            response,
            ...(response === 'accept' && { is_permanent: permanent }),
            ...(response === 'accept' && !permanent && { expiration_timestamp: seconds(604_800) }),
            response_source: automatic ? 'automatic' : 'user_action',
          },
        },
      },
    ],
  });

export const SESSION = { sdp_type: 'answer', sdp: 'v=0\r\n' };

interface CallOptions {
  id?: string;
  at?: string;
  key?: string;
  /** Names of the user; by default the number. */
  user?: object;
  contacts?: object[];
}

const outgoing = ({ id = 'wacid.C1', key, user = { to: USER } }: CallOptions): object => ({
  id,
  direction: 'BUSINESS_INITIATED',
  from: '15550000001',
  ...user,
  ...(key !== undefined && { biz_opaque_callback_data: key }),
});

export const connected = (options: CallOptions = {}): object =>
  body(
    'calls',
    {
      calls: [
        {
          ...outgoing(options),
          event: 'connect',
          timestamp: options.at ?? seconds(1),
          session: SESSION,
        },
      ],
    },
    options.contacts,
  );

/** The end of a call; with `talked` (seconds) it was answered. */
export const terminated = (
  options: CallOptions & { talked?: number; more?: object } = {},
): object => {
  const { at = seconds(60), talked, more } = options;
  const times =
    talked === undefined
      ? {}
      : { start_time: String(Number(at) - talked), end_time: at, duration: talked };
  return body(
    'calls',
    {
      calls: [
        {
          ...outgoing(options),
          event: 'terminate',
          timestamp: at,
          status: 'COMPLETED',
          ...times,
          ...more,
        },
      ],
    },
    options.contacts,
  );
};

export const callStatus = (
  status: 'RINGING' | 'ACCEPTED' | 'REJECTED',
  {
    id = 'wacid.C1',
    at = seconds(2),
    key,
    user = { recipient_id: USER },
    contacts,
  }: CallOptions = {},
): object =>
  body(
    'calls',
    {
      statuses: [
        {
          id,
          type: 'call',
          status,
          timestamp: at,
          ...user,
          ...(key !== undefined && { biz_opaque_callback_data: key }),
        },
      ],
    },
    contacts,
  );

export const userCalled = (id = 'wacid.U1', at = seconds(1)): object =>
  body('calls', {
    calls: [
      {
        id,
        event: 'connect',
        direction: 'USER_INITIATED',
        from: USER,
        to: '15550000001',
        timestamp: at,
      },
    ],
  });

export const messageStatus = (status: string, id: string, at = seconds(1)): object =>
  body('messages', { statuses: [{ id, status, timestamp: at, recipient_id: USER }] });
