package dev.holdfast.session.spi;

/** The session has more bytes than the store or the application allows, and nothing was sent. */
public final class PayloadTooLargeException extends SessionStoreException {

    private static final long serialVersionUID = 1L;

    private final int size;
    private final int limit;

    public PayloadTooLargeException(int size, int limit) {
        super(
                "the session's payload has " + size + " bytes, the limit is " + limit
                        + ": store less in the session, or raise the limit",
                null);
        this.size = size;
        this.limit = limit;
    }

    /** Returns the size of the refused payload in bytes. */
    public int size() {
        return size;
    }

    /** Returns the largest allowed size in bytes. */
    public int limit() {
        return limit;
    }
}
