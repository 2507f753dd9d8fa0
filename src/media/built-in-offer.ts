/**
 * An SDP offer in the form that WhatsApp asks for (RFC 8866, one Opus stream, full ICE without candidates,
 * SHA-256 fingerprint; Meta, business-initiated calls and FAQ, 2026-06-26) behind which there is no media. For the
 * simulator, so that a flow can be tried before there is anything to say.
 */
export function builtInOffer(): string {
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111 126',
    'c=IN IP4 0.0.0.0',
    'a=rtcp:9 IN IP4 0.0.0.0',
    'a=ice-ufrag:builtin0',
    'a=ice-pwd:builtinofferwithoutmedia0',
    `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
    'a=setup:actpass',
    'a=mid:0',
    'a=sendrecv',
    'a=rtcp-mux',
    'a=rtpmap:111 opus/48000/2',
    'a=fmtp:111 minptime=20;useinbandfec=1',
    'a=rtpmap:126 telephone-event/8000',
    'a=maxptime:20',
    'a=ptime:20',
    '',
  ].join('\r\n');
}
