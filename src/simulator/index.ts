/**
 * `node-red-contrib-whatsapp-calling/simulator`: a WhatsApp Cloud API with virtual users and a virtual clock,
 * for anybody's tests. See docs/simulator.md.
 */
export { VirtualClock } from './clock';
export type { VirtualClockOptions } from './clock';
export type { Delay, Delays } from './delays';
export { SimulatorError } from './errors';
export type { SimulatorErrorCode } from './errors';
export { FAULTS, FAULT_NAMES } from './faults/catalogue';
export type { FaultName } from './faults/catalogue';
export { toFaultsAndSeed } from './faults/faults';
export type { Faults, WantedFaults } from './faults/faults';
export { LIMITS } from './limits';
export type { Limits, LimitsPreset } from './limits';
export type { ApiCall, News, SimulatorLog, WebhookAttempt } from './log';
export type { VirtualNumber } from './number';
export type { NumberOptions, PairState, Template } from './number-options';
export { RemoteClock } from './remote-clock';
export { exampleOffer } from './sdp';
export { Simulator } from './simulator';
export type { SimulatorOptions } from './simulator';
export type { UserOptions, VirtualUser } from './user';
export type { UserScript } from './user-script';
export type { DeliverWebhook } from './webhook-sender';
