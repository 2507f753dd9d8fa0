import { SimulatorError } from './errors';
import type { Line } from './line';
import type { Pair, PermissionKind } from './pair';
import { lapsesAt } from './permission-request';
import type { PermissionRequest } from './permission-request';
import { SECOND } from './times';
import { messageStatus, permissionReply } from './webhook-bodies';

/** How the permission of a user comes and goes (Meta, user-call-permissions, 2026-06-26). */
export class PermissionDesk {
  constructor(private readonly line: Line) {}

  /** A request is on the user's phone: it replaces the one before, and the user's script may answer it. */
  requestArrived(pair: Pair, id: string): void {
    const now = this.line.clock.now();
    pair.request?.cancelReply();
    const request: PermissionRequest = {
      id,
      deliveredAt: now,
      answeredAt: null,
      cancelReply: () => undefined,
    };
    pair.request = request;
    const script = pair.user?.script;
    if (script === undefined || script.onRequest === 'ignore') return;
    const { onRequest, replyAfter } = script;
    request.cancelReply = this.line.clock.schedule(now + replyAfter * SECOND, () => {
      if (onRequest === 'decline') this.decline(pair);
      else this.accept(pair, onRequest === 'accept-permanent' ? 'permanent' : 'temporary');
    });
  }

  /**
   * The user accepts the newest request, or changes the answer to "accept".
   * @throws SimulatorError `no-request`
   */
  accept(pair: Pair, kind: PermissionKind): void {
    const request = this.#answer(pair);
    const granted = pair.grant(kind, this.line.clock.now());
    this.#tell(pair, { granted, source: 'user_action', about: request.id });
  }

  /**
   * The user declines the newest request; a permission that is held ends with it.
   * @throws SimulatorError `no-request`
   */
  decline(pair: Pair): void {
    const request = this.#answer(pair);
    pair.takePermission();
    this.#tell(pair, { granted: null, source: 'user_action', about: request.id });
  }

  /** The user puts the newest request aside: what the script was about to answer is not said. */
  ignore(pair: Pair): void {
    pair.request?.cancelReply();
  }

  /** The user allows calls in the business's profile, for good. */
  grant(pair: Pair): void {
    const granted = pair.grant('permanent', this.line.clock.now());
    this.#tell(pair, { granted, source: 'user_action', about: null });
  }

  /** The user forbids calls in the business's profile. What Meta sends then is not published: assumed. */
  revoke(pair: Pair): void {
    pair.takePermission();
    this.#tell(pair, { granted: null, source: 'user_action', about: null });
  }

  /** A call was not picked up. At the fourth in a row WhatsApp takes the permission away. */
  callUnanswered(pair: Pair): void {
    pair.unanswered += 1;
    const isHeld = pair.permission(this.line.clock.now()).kind !== 'none';
    if (!isHeld || pair.unanswered < this.line.limits.revokeAfter) return;
    pair.takePermission();
    this.#tell(pair, { granted: null, source: 'automatic', about: null });
  }

  /** A user's call is over, missed or not: it permits to call back, unless that is permitted for good. */
  userCalled(pair: Pair, callId: string): void {
    const now = this.line.clock.now();
    const { isCallbackPermissionOn, isEligible } = this.line.settings;
    if (!isCallbackPermissionOn || !isEligible) return;
    if (pair.permission(now).kind === 'permanent') return;
    const granted = pair.grant('temporary', now);
    this.#tell(pair, { granted, source: 'automatic', about: callId });
  }

  #answer(pair: Pair): PermissionRequest {
    const now = this.line.clock.now();
    const { request } = pair;
    if (request === null || now >= lapsesAt(request, this.line.limits)) {
      throw new SimulatorError('no-request', `${pair.waId} has no request to answer.`);
    }
    request.cancelReply();
    if (request.answeredAt === null) {
      this.line.tellAfter('inbound', messageStatus(this.line, pair, request.id, 'read'));
    }
    request.answeredAt = now;
    pair.openServiceWindow(now);
    return request;
  }

  #tell(pair: Pair, decision: Parameters<typeof permissionReply>[2]): void {
    this.line.tellAfter('reply', permissionReply(this.line, pair, decision));
  }
}
