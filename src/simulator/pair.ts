import type { Call } from './call';
import type { Limits } from './limits';
import type { PermissionRequest } from './permission-request';
import { RollingWindow } from './rolling-window';
import { DAY, HOUR, toWholeSecond } from './times';
import type { VirtualUser } from './user';

export type PermissionKind = 'temporary' | 'permanent';

export interface Permission {
  kind: 'none' | PermissionKind;
  /** Epoch milliseconds, a whole second; null for anything but a temporary permission. */
  expiresAt: number | null;
}

const NO_PERMISSION: Permission = { kind: 'none', expiresAt: null };

/** One limit and how much of it is used. */
export interface Usage {
  /** ISO 8601 duration, as WhatsApp writes it. */
  period: 'PT24H' | 'P7D';
  used: number;
  allowed: number;
  /** Epoch milliseconds from which one more is allowed; null when one is allowed now. */
  roomAt: number | null;
}

/** What stands between one business number and one WhatsApp user (or a number that is nobody's). */
export class Pair {
  /** The newest request that reached the user. */
  request: PermissionRequest | null = null;
  call: Call | null = null;
  /** Consecutive unanswered or rejected calls of the business. */
  unanswered = 0;

  #permission = NO_PERMISSION;
  #serviceWindowEnd = -Infinity;
  readonly #requests = new RollingWindow(7 * DAY);
  readonly #connectedCalls = new RollingWindow(DAY);

  /**
   * @param waId digits, as WhatsApp writes the number
   * @param user null where the number is nobody's on WhatsApp
   */
  constructor(
    readonly waId: string,
    readonly user: VirtualUser | null,
    readonly limits: Limits,
  ) {}

  permission(now: number): Permission {
    const { expiresAt } = this.#permission;
    return expiresAt !== null && now >= expiresAt ? NO_PERMISSION : this.#permission;
  }

  /**
   * The user allows calls: 168 h from now, or for good (Meta, user-call-permissions, 2026-06-26). It is
   * counted from the whole second that the webhook tells, so that what is told is what holds.
   */
  grant(kind: PermissionKind, now: number): Permission {
    const end = toWholeSecond(now) + this.limits.permissionHours * HOUR;
    this.#permission = { kind, expiresAt: kind === 'temporary' ? end : null };
    this.unanswered = 0;
    return this.#permission;
  }

  takePermission(): void {
    this.#permission = NO_PERMISSION;
  }

  countRequest(now: number): void {
    this.#requests.add(now);
  }

  requestUsages(now: number): [perDay: Usage, perWeek: Usage] {
    const { requestsPer24h, requestsPer7d } = this.limits;
    return [
      usage(this.#requests, now, 'PT24H', DAY, requestsPer24h),
      usage(this.#requests, now, 'P7D', 7 * DAY, requestsPer7d),
    ];
  }

  /** Of calls that the business placed and the user picked up; attempts do not count. */
  connectedUsage(now: number): Usage {
    return usage(this.#connectedCalls, now, 'PT24H', DAY, this.limits.connectedCallsPer24h);
  }

  /** A call was picked up at `time`: it resets requests and streak, whoever called. */
  connected(time: number, byBusiness: boolean): void {
    this.#requests.clear();
    this.unanswered = 0;
    if (byBusiness) this.#connectedCalls.add(time);
  }

  /** The user gave a sign of life: free-form messages may be sent for 24 hours. */
  openServiceWindow(now: number): void {
    this.#serviceWindowEnd = now + this.limits.serviceWindowHours * HOUR;
  }

  isServiceWindowOpen(now: number): boolean {
    return now < this.#serviceWindowEnd;
  }
}

function usage(
  events: RollingWindow,
  now: number,
  period: Usage['period'],
  span: number,
  allowed: number,
): Usage {
  return {
    period,
    used: events.count(now, span),
    allowed,
    roomAt: events.roomAt(now, span, allowed),
  };
}
