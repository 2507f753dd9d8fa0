import type { JsonObject } from './json';
import type { VirtualNumber } from './number';
import type { Simulator } from './simulator';
import type { VirtualUser } from './user';

/** The overview stays readable, and quick, with a hundred thousand users. */
const MOST_USERS = 1000;

/** Everything at a glance, without secrets. Times in epoch milliseconds. */
export function describeSimulator(simulator: Simulator): JsonObject {
  const users: JsonObject[] = [];
  for (const user of simulator.users) {
    if (users.length === MOST_USERS) break;
    users.push(describeUser(simulator, user));
  }
  return {
    now: simulator.clock.now(),
    numbers: simulator.numbers.map(describeNumber),
    userCount: simulator.userCount,
    users,
  };
}

export function describeNumber(number: VirtualNumber): JsonObject {
  return {
    id: number.id,
    displayNumber: number.displayNumber,
    businessAccountId: number.businessAccountId,
    webhook: number.webhookUrl,
    restrictedUntil: number.settings.restrictedUntil,
    trouble: number.trouble,
    callsInProgress: number.calls.inProgress,
    limits: number.limits,
    calling: number.settings.toJson(number.clock.now()),
  };
}

/**
 * What a client needs to use the number: secrets that protect nothing but virtual users.
 * `lookUpsPerSecond`: null where look-ups are not limited.
 */
export function describeAccess({ lookUpsPerSecond }: Simulator, number: VirtualNumber): JsonObject {
  const { accessToken, appSecret } = number;
  return {
    accessToken,
    appSecret,
    lookUpsPerSecond: Number.isFinite(lookUpsPerSecond) ? lookUpsPerSecond : null,
  };
}

/** `states`: what WhatsApp holds of the user, by phone number id. */
export function describeUser(simulator: Simulator, user: VirtualUser): JsonObject {
  const states = simulator.numbers.map((number) => [number.id, number.state(user.waId)] as const);
  return {
    waId: user.waId,
    userId: user.userId,
    name: user.name ?? null,
    script: user.script,
    states: Object.fromEntries(states),
  };
}
