package dev.holdfast.session.hazelcast;

/** What a {@link Change} says of itself. */
enum Answer {
    /** There is no live record, or for a create: there is one. */
    NO(0),
    /** It was applied, or is so already. */
    YES(1),
    /** The live record has another version. */
    CONFLICT(2),
    /** What lies there can't be read, and nothing was written. */
    UNREADABLE(3),
    /** It was applied by an earlier try of the same request, of which is not known what it met. */
    UNKNOWN(4);

    private final int code;

    Answer(int code) {
        this.code = code;
    }

    /** Returns what stands for it on the wire. */
    int code() {
        return code;
    }

    static Answer of(int code) {
        return switch (code) {
            case 0 -> NO;
            case 1 -> YES;
            case 2 -> CONFLICT;
            case 3 -> UNREADABLE;
            default -> UNKNOWN;
        };
    }
}
