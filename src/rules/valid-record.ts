import type { AccountState } from './account-state';
import type { CallCounts } from './call-counts';
import type { ContactRecord } from './record';

type Check = (value: unknown) => boolean;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isTime: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const isText: Check = (value) => typeof value === 'string';
const isFlag: Check = (value) => typeof value === 'boolean';
const isAnything: Check = (value) => value !== undefined;

const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
/** An object whose fields, where they are there, pass their checks. */
const fields =
  (checks: Record<string, Check>): Check =>
  (value) =>
    isObject(value) &&
    Object.entries(checks).every(
      ([name, check]) => value[name] === undefined || check(value[name]),
    );
const having =
  (names: string[], check: Check): Check =>
  (value) =>
    check(value) && names.every((name) => (value as Record<string, unknown>)[name] !== undefined);
const eachOf =
  (check: Check): Check =>
  (value) =>
    isObject(value) && Object.values(value).every(check);

const isUsage = fields({ used: isTime, allowed: isTime, resetsAt: orNull(isTime) });
const isBlock = having(['at', 'until'], fields({ at: isTime, until: orNull(isTime) }));

const isContact = fields({
  permission: listOf(
    having(
      ['at', 'is'],
      fields({
        at: isTime,
        is: isText,
        id: isText,
        expiresAt: orNull(isTime),
        request: orNull(isText),
      }),
    ),
  ),
  answer: having(
    ['at', 'status'],
    fields({
      at: isTime,
      status: isText,
      expiresAt: orNull(isTime),
      canRequest: isFlag,
      canCall: isFlag,
      requestsPer24h: orNull(isUsage),
      requestsPer7d: orNull(isUsage),
      connectedCallsPer24h: orNull(isUsage),
    }),
  ),
  blocks: eachOf(isBlock),
  requests: listOf(
    fields({
      key: isText,
      id: isText,
      at: isTime,
      acceptedAt: isTime,
      deliveredAt: isTime,
      failedAt: isTime,
      lapseTold: isFlag,
    }),
  ),
  calls: listOf(
    fields({
      key: isText,
      id: isText,
      placedAt: isTime,
      acceptedAt: isTime,
      connectingAt: isTime,
      ringingAt: isTime,
      answeredAt: isTime,
      rejectedAt: isTime,
      hungUpAt: isTime,
      foundOverAt: isTime,
      endedAt: isTime,
      endTold: isFlag,
    }),
  ),
  connectedAt: isTime,
  choice: having(['at', 'optedOut'], fields({ at: isTime, optedOut: isFlag })),
  wroteAt: isTime,
  movedAt: isTime,
  heard: listOf(having(['id', 'at'], fields({ id: isText, at: isTime }))),
  memo: having(['at', 'value'], fields({ at: isTime, value: isAnything })),
  reminder: having(['at', 'due'], fields({ at: isTime, due: isTime })),
  reminded: isTime,
  expiryTold: isTime,
});

const isFull = having(['until', 'allowed'], fields({ until: isTime, allowed: isTime }));
const isAccount = fields({ blocks: eachOf(isBlock), full: eachOf(isFull) });
const areCounts = fields({ initiations: eachOf(isTime), inProgress: eachOf(isTime) });

/** Whether something read from a store is a record that the rules can work with. */
export const isContactRecord = (value: unknown): value is ContactRecord => isContact(value);

/** Whether something read from a store is an account's state that the rules can work with. */
export const isAccountState = (value: unknown): value is AccountState => isAccount(value);

/** Whether something read from a store is a count of an account's calls that the rules can work with. */
export const isCallCounts = (value: unknown): value is CallCounts => areCounts(value);
