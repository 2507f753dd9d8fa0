import fc from 'fast-check';
import { DAY, HOUR, SECOND, WEEK, type Fact, type PermissionAnswer } from '../../../src/rules';
import { delay, maybe, moment, told, telling, tellingOfCall } from './moments';

const allowance = fc.constantFrom<{ kind: 'temporary' | 'permanent'; lasts: number | null }>(
  { kind: 'temporary', lasts: WEEK },
  { kind: 'temporary', lasts: HOUR },
  { kind: 'temporary', lasts: null },
  { kind: 'permanent', lasts: null },
);

const grant = (
  id: string,
  time: { at: number; heard: number },
  { kind, lasts }: typeof allowance extends fc.Arbitrary<infer T> ? T : never,
  request: string | null,
): Fact => ({
  type: 'granted',
  ...time,
  id,
  kind,
  expiresAt: lasts === null ? null : time.at + lasts,
  request,
});

/** Something that happens to a contact, as facts; the name makes its ids unique. */
export type Episode = (name: string) => Fact[];

export const request: fc.Arbitrary<Episode> = fc
  .record({
    at: moment,
    sent: fc.constantFrom('accepted', 'accepted', 'accepted', 'released', 'unknown'),
    lag: fc.constantFrom(0, 150, 2000),
    delivered: maybe(telling),
    failed: fc.option(telling, { freq: 1, nil: null }),
    reply: maybe(fc.record({ telling, allowance: maybe(allowance), isNamed: fc.boolean() })),
    isLapseTold: fc.boolean(),
  })
  .map(({ at, sent, lag, delivered, failed, reply, isLapseTold }) => (name) => {
    const id = `wamid.${name}`;
    const facts: Fact[] = [{ type: 'requested', at, key: name, kind: 'free-form', memo: name }];
    if (sent === 'released')
      return [...facts, { type: 'request-released', at: at + lag, key: name }];
    if (sent === 'unknown') return facts;
    facts.push({ type: 'request-accepted', at: at + lag, key: name, id });
    if (isLapseTold) facts.push({ type: 'lapse-told', at: at + lag + WEEK, key: name });
    if (delivered) facts.push({ type: 'request-delivered', ...told(at, delivered), id });
    if (failed) facts.push({ type: 'request-failed', ...told(at, failed), id });
    if (reply) {
      const time = told(at, reply.telling);
      const context = reply.isNamed ? id : null;
      facts.push(
        reply.allowance
          ? grant(`${id}.reply`, time, reply.allowance, context)
          : { type: 'refused', ...time, id: `${id}.reply`, request: context, automatic: false },
      );
    }
    return facts;
  });

export const call: fc.Arbitrary<Episode> = fc
  .record({
    at: moment,
    isUsers: fc.boolean(),
    sent: fc.constantFrom('accepted', 'accepted', 'accepted', 'released', 'unknown'),
    lag: fc.constantFrom(0, 150, 2000),
    connecting: maybe(tellingOfCall),
    ringing: maybe(tellingOfCall),
    answered: fc.option(tellingOfCall, { freq: 1, nil: null }),
    rejected: fc.option(tellingOfCall, { freq: 1, nil: null }),
    hungUp: fc.option(delay, { freq: 1, nil: null }),
    isEndTold: fc.boolean(),
    ended: maybe(
      fc.record({ telling: tellingOfCall, isStartTold: fc.boolean(), failed: fc.boolean() }),
    ),
  })
  .map((life) => (name) => {
    const { at, isUsers, sent, lag } = life;
    const id = `wacid.${name}`;
    const direction = isUsers ? 'user' : 'business';
    const facts: Fact[] = isUsers ? [] : [{ type: 'placed', at, key: name, memo: name }];
    if (!isUsers && sent === 'released')
      return [...facts, { type: 'call-released', at: at + lag, key: name }];
    if (!isUsers && sent === 'accepted')
      facts.push({ type: 'call-accepted', at: at + lag, key: name, id });
    const about = isUsers ? { id, direction } : { id, key: name, direction };
    for (const type of ['connecting', 'ringing', 'answered', 'rejected'] as const) {
      const telling = life[type];
      if (telling) facts.push({ type, ...told(at, telling), ...about } as Fact);
    }
    if (life.hungUp !== null && sent === 'accepted')
      facts.push({ type: 'hung-up', at: at + life.hungUp, id });
    if (life.isEndTold && sent === 'accepted' && facts.length > 0)
      facts.push({ type: 'call-end-told', at: at + lag + HOUR, id });
    if (life.ended) {
      const { telling, isStartTold, failed } = life.ended;
      const time = told(at, telling);
      const startedAt = isStartTold ? Math.floor(at / SECOND) * SECOND : null;
      const durationSeconds = startedAt === null ? null : (time.at - startedAt) / SECOND;
      facts.push({ type: 'ended', ...time, ...about, startedAt, durationSeconds, failed } as Fact);
    }
    return facts;
  });

export const word: fc.Arbitrary<Episode> = fc
  .record({ at: moment, telling, allowance: maybe(allowance), automatic: fc.boolean() })
  .map(({ at, telling, allowance, automatic }) => (name) => {
    const time = told(at, telling);
    const id = `wamid.${name}`;
    if (allowance) return [grant(id, time, allowance, null)];
    return [{ type: 'refused', ...time, id, request: null, automatic }];
  });

const usage = (allowed: number) =>
  maybe(
    fc
      .record({ used: fc.nat({ max: allowed }), after: fc.integer({ min: 1, max: DAY }) })
      .map(({ used, after }) => ({ used, allowed, after })),
  );

export const answer: fc.Arbitrary<Episode> = fc
  .record({
    at: moment,
    status: fc.constantFrom<PermissionAnswer['status']>(
      'none',
      'none',
      'temporary',
      'permanent',
      'unknown',
    ),
    lasts: fc.constantFrom(HOUR, DAY, WEEK, WEEK, null),
    canRequest: fc.boolean(),
    canCall: fc.boolean(),
    requestsPer24h: usage(1),
    requestsPer7d: usage(2),
    connectedCallsPer24h: usage(100),
  })
  .map(({ at, lasts, ...answer }) => () => {
    const read = (told: { used: number; allowed: number; after: number } | null) =>
      told && {
        used: told.used,
        allowed: told.allowed,
        resetsAt: told.used >= told.allowed ? at + told.after : null,
      };
    const full: PermissionAnswer = {
      ...answer,
      expiresAt: answer.status === 'temporary' && lasts !== null ? at + lasts : null,
      requestsPer24h: read(answer.requestsPer24h),
      requestsPer7d: read(answer.requestsPer7d),
      connectedCallsPer24h: read(answer.connectedCallsPer24h),
    };
    return [{ type: 'whatsapp-answered', at, answer: full }];
  });

export const rest: fc.Arbitrary<Episode> = fc.oneof(
  fc
    .record({ at: moment, status: fc.constantFrom('none' as const, 'permanent' as const) })
    .map(({ at, status }) => (): Fact[] => [{ type: 'whatsapp-told', at, status }]),
  fc
    .record({
      at: moment,
      until: delay,
      reason: fc.constantFrom(
        'requests-per-24h' as const,
        'connected-calls-per-24h' as const,
        'recipient-uncallable' as const,
        'call-in-progress' as const,
        'rate-limited' as const,
      ),
    })
    .map(({ at, reason, until }) => (): Fact[] => [
      { type: 'blocked', at, reason, until: at + until },
    ]),
  fc
    .record({ at: moment, telling })
    .map(({ at, telling }) => (name: string): Fact[] => [
      { type: 'user-wrote', ...told(at, telling), id: `wamid.${name}` },
    ]),
);

export const choice: fc.Arbitrary<Episode> = fc
  .record({ at: moment, type: fc.constantFrom('opted-out' as const, 'restored' as const) })
  .map((fact) => () => [fact]);

/** The flow wants to be reminded, and perhaps is; or it is told that a permission has run out. */
export const timed: fc.Arbitrary<Episode> = fc.oneof(
  fc
    .record({ at: moment, due: delay, isSent: fc.boolean() })
    .map(({ at, due, isSent }) => (name: string): Fact[] => {
      const wanted: Fact = { type: 'reminder-wanted', at, due: at + due, memo: name };
      return isSent ? [wanted, { type: 'reminded', at: at + due, wantedAt: at }] : [wanted];
    }),
  moment.map((at) => (): Fact[] => [{ type: 'expiry-told', at, until: at }]),
);
