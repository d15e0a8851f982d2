package dev.holdfast.session.spi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ability to find and end the sessions of a principal; behind "your sessions" and "log out everywhere". */
public interface PrincipalIndex {

    /**
     * Returns a page of the live sessions of a principal, and only those [I1], ordered by key.
     *
     * <p>It follows create, update, delete and expiry at once, also when a node died between two steps of its own [I2].
     * Memory is bounded by the page [I4].
     *
     * @param principal compared exactly, case and all
     * @param after the last key of the page before, or {@code null} for the first page
     * @param limit the most sessions to return, at least 1; a shorter page is the last
     */
    List<StoredSession> findByPrincipal(String principal, @Nullable SessionKey after, int limit);

    /**
     * Deletes all sessions of a principal, also those created while it sweeps [I3].
     *
     * @param except one that stays, or {@code null}
     * @return how many live sessions this call removed
     */
    int deleteByPrincipal(String principal, @Nullable SessionKey except);
}
