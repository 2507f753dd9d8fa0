/**
 * The webhooks of the WhatsApp Business Calling API as Meta's pages show them, rebuilt with invented values.
 * Times: `T` is the second that most of them tell; `HEARD` is when they arrive.
 */
export const T = 1_789_000_000;
export const HEARD = (T + 3_600) * 1000;

export const PHONE_NUMBER_ID = '100200300400500';
export const DISPLAY_NUMBER = '34910000001';
export const WABA = '900800700600500';
export const ANA = { waId: '34600111222', userId: 'ES.7700112233', phone: null };

export type Body = Record<string, unknown>;

const METADATA = { display_phone_number: DISPLAY_NUMBER, phone_number_id: PHONE_NUMBER_ID };
export const CONTACT = {
  profile: { name: 'Ana', username: 'ana.p' },
  wa_id: ANA.waId,
  user_id: ANA.userId,
  parent_user_id: 'ES.ENT.55',
};

/** A body with one change of a field. */
export function bodyOf(field: string, value: unknown, entry: Body = { id: WABA }): Body {
  return {
    object: 'whatsapp_business_account',
    entry: [{ ...entry, changes: [{ field, value }] }],
  };
}

/** What stands in `value` for one of our numbers. */
export function valueOf(parts: Body, metadata: Body = METADATA): Body {
  return { messaging_product: 'whatsapp', metadata, contacts: [CONTACT], ...parts };
}

const CALL = {
  id: 'wacid.SIMAAA=',
  direction: 'BUSINESS_INITIATED',
  from: DISPLAY_NUMBER,
  to: ANA.waId,
  to_user_id: ANA.userId,
  to_parent_user_id: 'ES.ENT.55',
  biz_opaque_callback_data: 'flow42:msg9',
};

export const SESSION = { sdp_type: 'answer', sdp: 'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n' };

export const connect = (over: Body = {}): Body => ({
  ...CALL,
  event: 'connect',
  timestamp: String(T),
  session: SESSION,
  ...over,
});

/** The end of a call that was answered at `T + 10` and lasted 55 s. */
export const terminate = (over: Body = {}): Body => ({
  ...CALL,
  event: 'terminate',
  timestamp: String(T + 65),
  status: 'COMPLETED',
  start_time: String(T + 10),
  end_time: String(T + 65),
  duration: 55,
  ...over,
});

/** The end of a call that nobody answered: COMPLETED as well, and without times. */
export const unanswered = (over: Body = {}): Body => ({
  ...CALL,
  event: 'terminate',
  timestamp: String(T + 65),
  status: 'COMPLETED',
  ...over,
});

export const callStatus = (status: string, over: Body = {}): Body => ({
  id: CALL.id,
  type: 'call',
  status,
  timestamp: String(T + 3),
  recipient_id: ANA.waId,
  recipient_user_id: ANA.userId,
  biz_opaque_callback_data: 'flow42:msg9',
  ...over,
});

export const messageStatus = (status: string, over: Body = {}): Body => ({
  id: 'wamid.SIM0001',
  status,
  timestamp: String(T),
  recipient_id: ANA.waId,
  recipient_user_id: ANA.userId,
  ...over,
});

/** The user's answer to a permission request. */
export const reply = (answer: Body, over: Body = {}): Body => ({
  from: ANA.waId,
  from_user_id: ANA.userId,
  id: 'wamid.SIM0002',
  timestamp: String(T),
  type: 'interactive',
  context: { from: DISPLAY_NUMBER, id: 'wamid.SIM0001' },
  interactive: { type: 'call_permission_reply', call_permission_reply: answer },
  ...over,
});

export const ACCEPT_TEMPORARY = {
  response: 'accept',
  is_permanent: false,
  expiration_timestamp: String(T + 604_800),
  response_source: 'user_action',
};
export const ACCEPT_PERMANENT = {
  response: 'accept',
  is_permanent: true,
  response_source: 'user_action',
};
export const DECLINE = { response: 'reject', response_source: 'user_action' };
export const AUTOMATIC_REVOCATION = { response: 'reject', response_source: 'automatic' };

export const textMessage = (over: Body = {}): Body => ({
  from: ANA.waId,
  from_user_id: ANA.userId,
  id: 'wamid.SIM0003',
  timestamp: String(T),
  type: 'text',
  text: { body: 'hola, ¿qué tal?' },
  ...over,
});

export const callsBody = (...calls: Body[]): Body => bodyOf('calls', valueOf({ calls }));
export const callStatusBody = (...statuses: Body[]): Body => bodyOf('calls', valueOf({ statuses }));
export const messagesBody = (...messages: Body[]): Body =>
  bodyOf('messages', valueOf({ messages }));
export const messageStatusBody = (...statuses: Body[]): Body =>
  bodyOf('messages', valueOf({ statuses }));

/** An account_update names the display number only, in an entry with the id "0". */
export const accountUpdateBody = (value: Body): Body =>
  bodyOf('account_update', { phone_number: DISPLAY_NUMBER, ...value }, { id: '0', time: T });

export const settingsBody = (calling: Body): Body =>
  bodyOf('account_settings_update', {
    messaging_product: 'whatsapp',
    timestamp: String(T),
    type: 'phone_number_settings',
    phone_number_settings: { phone_number_id: PHONE_NUMBER_ID, calling },
  });
