import { createHash } from 'node:crypto';

const CRLF = '\r\n';

/** Relay addresses out of the ranges for documentation: there is no media behind them. */
const RELAY_V4 = '192.0.2.10';
const RELAY_V6 = '2001:db8::10';
const RELAY_PORT = 3480;

/**
 * What is wrong with an SDP offer, in words for `error_data.details`; null where nothing is. CRLF, one audio
 * and a sha-256 fingerprint are what Meta insists on (FAQ, integration-patterns, 2026-06-26).
 * @param usesDtls false where the number's settings say SDES
 */
export function offerFault(sdp: string, usesDtls: boolean): string | null {
  if (!sdp.startsWith('v=0')) return 'SDP Validation error: it must begin with v=0';
  if (!sdp.endsWith(CRLF) || /[^\r]\n/.test(sdp)) {
    return 'SDP Validation error: every line must end with CRLF';
  }
  if (sdp.match(/^m=audio /gm)?.length !== 1) {
    return 'SDP Validation error: exactly one m=audio is needed';
  }
  if (usesDtls && !/^a=fingerprint:sha-256 /im.test(sdp)) {
    return 'SDP Validation error: No fingerprint found in SDP';
  }
  return null;
}

/** The relay's answer to a business's offer: ice-lite, and the DTLS role that is left, active by default. */
export function answerTo(offer: string, callId: string): string {
  const isOffererActive = /^a=setup:active\s*$/m.test(offer);
  return describe({
    callId,
    mid: /^a=mid:(\S+)/m.exec(offer)?.[1] ?? '0',
    opus: /^a=rtpmap:(\d+) opus\/48000/im.exec(offer)?.[1] ?? '111',
    setup: isOffererActive ? 'passive' : 'active',
  });
}

/** The offer that comes with a user's call. */
export const relayOffer = (callId: string): string =>
  describe({ callId, mid: '0', opus: '111', setup: 'actpass' });

/** A small valid offer, for tests and for flows that only try the way of a call. No media behind it. */
export const exampleOffer = (): string =>
  lines([
    'v=0',
    'o=- 7614219274584779017 2 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111 126',
    'c=IN IP4 0.0.0.0',
    'a=rtcp-mux',
    'a=mid:0',
    'a=sendrecv',
    'a=ice-ufrag:exam',
    'a=ice-pwd:exampleofferexampleoffer',
    `a=fingerprint:sha-256 ${fingerprint('example')}`,
    'a=setup:actpass',
    'a=rtpmap:111 opus/48000/2',
    'a=ptime:20',
    'a=rtpmap:126 telephone-event/8000',
  ]);

interface Description {
  callId: string;
  mid: string;
  /** Payload type of Opus. */
  opus: string;
  setup: 'active' | 'passive' | 'actpass';
}

function describe({ callId, mid, opus, setup }: Description): string {
  const digest = createHash('sha256').update(callId).digest('hex');
  const session = BigInt(`0x${digest.slice(0, 15)}`);
  return lines([
    'v=0',
    `o=- ${session} 2 IN IP4 127.0.0.1`,
    's=-',
    't=0 0',
    `a=group:BUNDLE ${mid}`,
    'a=msid-semantic: WMS',
    'a=ice-lite',
    `m=audio ${RELAY_PORT} UDP/TLS/RTP/SAVPF ${opus} 126`,
    `c=IN IP4 ${RELAY_V4}`,
    `a=candidate:1 1 udp 2113937151 ${RELAY_V4} ${RELAY_PORT} typ host generation 0`,
    `a=candidate:2 1 udp 2113939711 ${RELAY_V6} ${RELAY_PORT} typ host generation 0`,
    `a=ice-ufrag:${digest.slice(0, 8)}`,
    `a=ice-pwd:${digest.slice(8, 32)}`,
    `a=fingerprint:sha-256 ${fingerprint(callId)}`,
    `a=setup:${setup}`,
    `a=mid:${mid}`,
    'a=sendrecv',
    'a=rtcp-mux',
    `a=rtpmap:${opus} opus/48000/2`,
    `a=fmtp:${opus} maxaveragebitrate=20000;maxplaybackrate=16000;minptime=20;useinbandfec=1`,
    'a=rtpmap:126 telephone-event/8000',
    'a=maxptime:20',
    'a=ptime:20',
    `a=ssrc:${Number.parseInt(digest.slice(32, 39), 16)} cname:relay`,
  ]);
}

function fingerprint(seed: string): string {
  const hex = createHash('sha256').update(`certificate of ${seed}`).digest('hex').toUpperCase();
  return hex.match(/../g)?.join(':') ?? '';
}

const lines = (all: string[]): string => all.map((line) => line + CRLF).join('');
