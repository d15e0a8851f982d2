package dev.holdfast.benchmarks;

/** What requests do with one of the sessions of a run, each of {@link TenAttributes}. */
interface Requests extends AutoCloseable {

    /** Open, one attribute. */
    Object read(int session);

    /** Open, change one attribute, save. */
    Object write(int session);

    /** Open, move the last access, save. */
    Object touch(int session);

    /** Open, one attribute, save with the default settings: what most requests are. */
    Object request(int session);

    /** New with ten attributes, save. */
    Object create();

    /** Open, another id, save. */
    Object rotate(int session);

    @Override
    void close();
}
