package dev.holdfast.benchmarks;

/** A session's attributes as bytes and back, without a store. */
interface Coding {

    /** The name of {@link SessionsCoding} in the tables. */
    String SESSIONS = "Sessions";

    /** The name of {@link JdkCoding} in the tables. */
    String JDK = "JDK serialization";

    /** Returns the one of that name, with a session of {@link TenAttributes} ten, or so many times them. */
    static Coding of(String name, int attributes) {
        return switch (name) {
            case SESSIONS -> new SessionsCoding(attributes);
            case JDK -> new JdkCoding(attributes);
            default -> throw new IllegalArgumentException("no coding is called " + name);
        };
    }

    /** One attribute of what is stored. */
    Object decode();

    /** One attribute of what is stored changed, and all of it as bytes again. */
    Object recode();

    /** New attributes, all of them as bytes. */
    Object encode();

    /** Returns how many bytes are stored. */
    int storedBytes();
}
