package dev.holdfast.session;

/**
 * What becomes of a value that can't be decoded any more: its class is gone or has changed, its codec is missing, its
 * bytes are damaged. Each is reported; none keeps an attribute from being put or removed, or a session from ending.
 */
public enum Undecodable {
    /**
     * The attribute seems absent. Its bytes stay until the application puts or removes it, so a node that can still
     * decode them does. The default.
     */
    DROP_ATTRIBUTE,
    /**
     * The session is deleted when it is opened, and the client gets a new one. To find out, opening decodes all values.
     */
    DROP_SESSION,
    /** Reading the attribute throws {@link dev.holdfast.session.codec.UndecodableValueException}. */
    THROW
}
