/** What the tests use of `ssm-session`, a client of the data channel by other hands, which comes without types. */
declare module "ssm-session" {
  interface DecodedMessage {
    readonly headerLength: number;
    readonly messageType: string;
    readonly schemaVersion: number;
    readonly createdDate: number;
    readonly sequenceNumber: number;
    readonly flags: number;
    readonly messageId: string;
    readonly payloadDigest: string;
    readonly payloadType: number;
    readonly payloadLength: number;
    readonly payload: Uint8Array;
  }
  export const ssm: {
    decode(bytes: Uint8Array): DecodedMessage;
    buildTokenMessage(token: string): string;
    buildInitMessage(size: { readonly cols: number; readonly rows: number }): Uint8Array;
    buildInputMessage(text: Uint8Array, sequenceNumber: number): Uint8Array;
    buildAcknowledge(messageType: string, sequenceNumber: number, messageId: string): Uint8Array;
  };
}
