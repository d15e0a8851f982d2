package dev.holdfast.session;

/** A record's payload can't be read; the message says why, to go on after "session …: ". */
final class UnreadablePayloadException extends Exception {

    private static final long serialVersionUID = 1L;

    UnreadablePayloadException(String message) {
        super(message, null, false, false);
    }
}
