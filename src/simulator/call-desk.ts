import type { Cancel } from '../clock';
import type { Call, CallDirection } from './call';
import { SimulatorError } from './errors';
import { GraphError, invalidParameter } from './graph-errors';
import type { Line } from './line';
import type { Pair } from './pair';
import type { PermissionDesk } from './permission-desk';
import { callRefusal, numberRefusal } from './refusals';
import { RollingWindow } from './rolling-window';
import { answerTo, relayOffer } from './sdp';
import { DAY, SECOND, toWholeSecond } from './times';
import type { VirtualUser } from './user';
import { callConnect, callStatus, callTerminate } from './webhook-bodies';

/** The calls of one business number, from dialling to the end (Meta, business-initiated-calls, 2026-06-26). */
export class CallDesk {
  readonly #calls = new Map<string, Call>();
  readonly #initiations = new RollingWindow(DAY);

  constructor(
    private readonly line: Line,
    private readonly permissions: PermissionDesk,
  ) {}

  get inProgress(): number {
    return this.#calls.size;
  }

  /** Why WhatsApp would refuse a call of the business to this user now; null where it would not. */
  refusal(pair: Pair): GraphError | null {
    const now = this.line.clock.now();
    const { initiationsPer24h, concurrentCalls } = this.line.limits;
    const refusal = numberRefusal(this.line.settings, now) ?? callRefusal(pair, now);
    if (refusal !== null) return refusal;
    if (pair.call !== null) return new GraphError(138003);
    if (this.#calls.size >= concurrentCalls) return new GraphError(138002);
    if (this.#initiations.count(now, DAY) >= initiationsPer24h) return new GraphError(138005);
    return null;
  }

  /**
   * The business calls.
   * @returns the call's id, before anything rings
   * @throws GraphError
   */
  place(pair: Pair, offer: string, opaque: string | null): string {
    const refusal = this.refusal(pair);
    if (refusal !== null) throw refusal;
    if (pair.user === null) throw new GraphError(138006);
    const call = this.#begin(pair, pair.user, 'BUSINESS_INITIATED', opaque);
    this.#initiations.add(this.line.clock.now());
    const sdp = answerTo(offer, call.id);
    this.#after(call, this.line.delay('connect'), () => {
      this.#reach(call);
      return this.line.tell(callConnect(this.line, call, { sdp_type: 'answer', sdp }));
    });
    return call.id;
  }

  /**
   * The user calls the business.
   * @returns the call's id
   * @throws SimulatorError `call-in-progress`, `calling-off`
   */
  ring(pair: Pair, user: VirtualUser): string {
    if (pair.call !== null) {
      throw new SimulatorError('call-in-progress', `A call with ${pair.waId} is already on.`);
    }
    if (!this.line.settings.isCallingOn) {
      throw new SimulatorError('calling-off', `Calling is off for ${this.line.id}.`);
    }
    const call = this.#begin(pair, user, 'USER_INITIATED', null);
    call.state = 'ringing';
    pair.openServiceWindow(this.line.clock.now());
    const session = { sdp_type: 'offer', sdp: relayOffer(call.id) } as const;
    this.line.tellAfter('inbound', callConnect(this.line, call, session));
    this.#giveUpLater(call);
    return call.id;
  }

  /**
   * The user picks up.
   * @throws SimulatorError `no-call` unless a call of the business rings
   */
  answer(pair: Pair): void {
    const call = this.#ringing(pair);
    this.#connect(call);
    pair.openServiceWindow(this.line.clock.now());
    this.line.tellAfter('accepted', callStatus(this.line, call, 'ACCEPTED', this.line.clock.now()));
    const { talkFor } = call.user.script;
    if (talkFor !== undefined) this.#after(call, talkFor * SECOND, () => this.#end(call, false));
  }

  /**
   * The user rejects.
   * @throws SimulatorError `no-call` unless a call of the business rings
   */
  reject(pair: Pair): void {
    const call = this.#ringing(pair);
    this.line.tellAfter('rejected', callStatus(this.line, call, 'REJECTED', this.line.clock.now()));
    this.#end(call, true);
  }

  /**
   * The user ends a conversation, or gives up calling the business.
   * @throws SimulatorError `no-call`
   */
  hangUp(pair: Pair): void {
    const { call } = pair;
    if (call === null || (call.direction === 'BUSINESS_INITIATED' && call.state !== 'connected')) {
      throw new SimulatorError('no-call', `${pair.waId} has no call to hang up.`);
    }
    this.#end(call, false);
  }

  /**
   * The business takes a user's call.
   * @throws GraphError 100
   */
  acceptUserCall(id: string): void {
    this.#connect(this.#userCall(id));
  }

  /**
   * The business rejects a user's call.
   * @throws GraphError 100
   */
  rejectUserCall(id: string): void {
    this.#end(this.#userCall(id), false);
  }

  /**
   * The business is about to take a user's call: the media may be set up.
   * @throws GraphError 100
   */
  preAcceptUserCall(id: string): void {
    this.#userCall(id);
  }

  /**
   * The business ends any call at any time. A call that rang counts as unanswered then (assumed: Meta
   * does not say).
   * @throws GraphError 100 where the call is unknown or over
   */
  terminate(id: string): void {
    const call = this.#find(id);
    this.#end(call, call.direction === 'BUSINESS_INITIATED' && call.state === 'ringing');
  }

  #begin(pair: Pair, user: VirtualUser, direction: CallDirection, opaque: string | null): Call {
    const call: Call = {
      id: this.line.newId('wacid'),
      pair,
      user,
      direction,
      opaque,
      state: 'dialling',
      hasFailed: false,
      connectedAt: null,
      plans: new Set(),
    };
    pair.call = call;
    this.#calls.set(call.id, call);
    return call;
  }

  /** From the relay to the phone, which rings unless it is off. */
  #reach(call: Call): void {
    if (this.line.faults.strikes('call-fails')) {
      this.#after(call, this.line.delay('ringing'), () => this.#fail(call));
      return;
    }
    if (call.user.script.onCall === 'unreachable') this.#giveUpLater(call);
    else this.#after(call, this.line.delay('ringing'), () => this.#startRinging(call));
  }

  /** The media does not come about: nothing rings, and nobody is to blame. */
  #fail(call: Call): void {
    call.hasFailed = true;
    this.#end(call, false);
  }

  #startRinging(call: Call): Promise<void> {
    call.state = 'ringing';
    this.#giveUpLater(call);
    const { onCall, answerAfter } = call.user.script;
    if (onCall === 'answer') this.#after(call, answerAfter * SECOND, () => this.answer(call.pair));
    if (onCall === 'reject') this.#after(call, answerAfter * SECOND, () => this.reject(call.pair));
    return this.line.tell(callStatus(this.line, call, 'RINGING', this.line.clock.now()));
  }

  #giveUpLater(call: Call): void {
    const isUnanswered = call.direction === 'BUSINESS_INITIATED';
    this.#after(call, this.line.limits.ringSeconds * SECOND, () => this.#end(call, isUnanswered));
  }

  #connect(call: Call): void {
    // The whole second that the webhooks tell is the one that counts.
    const time = toWholeSecond(this.line.clock.now());
    this.#dropPlans(call);
    call.state = 'connected';
    call.connectedAt = time;
    call.pair.connected(time, call.direction === 'BUSINESS_INITIATED');
  }

  #end(call: Call, isUnanswered: boolean): void {
    this.#dropPlans(call);
    call.state = 'ended';
    call.pair.call = null;
    this.#calls.delete(call.id);
    this.line.tellAfter('terminate', callTerminate(this.line, call));
    if (isUnanswered) this.permissions.callUnanswered(call.pair);
    if (call.direction === 'USER_INITIATED') this.permissions.userCalled(call.pair, call.id);
  }

  #ringing(pair: Pair): Call {
    const { call } = pair;
    if (call?.state !== 'ringing' || call.direction !== 'BUSINESS_INITIATED') {
      throw new SimulatorError('no-call', `No call rings at ${pair.waId}.`);
    }
    return call;
  }

  #find(id: string): Call {
    const call = this.#calls.get(id);
    if (call === undefined) throw invalidParameter('The call is unknown or has ended.');
    return call;
  }

  #userCall(id: string): Call {
    const call = this.#find(id);
    if (call.direction !== 'USER_INITIATED' || call.state !== 'ringing') {
      throw invalidParameter('Only a call of a user that is not taken yet can be accepted.');
    }
    return call;
  }

  /** Plans something for as long as the call goes on as it is. */
  #after(call: Call, ms: number, act: () => void | Promise<void>): void {
    const plan: Cancel = this.line.clock.schedule(this.line.clock.now() + ms, () => {
      call.plans.delete(plan);
      return act();
    });
    call.plans.add(plan);
  }

  #dropPlans(call: Call): void {
    for (const cancel of call.plans) cancel();
    call.plans.clear();
  }
}
