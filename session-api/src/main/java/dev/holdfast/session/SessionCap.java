package dev.holdfast.session;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * At most so many sessions of a principal at a time. Each log-in stores its session first and counts then; sessions under
 * two ids during a rotation count once.
 *
 * <p>To end the oldest, each log-in ends those beyond the newest ones. Log-ins that run at once may each see only some of
 * the others, but whoever counts last sees all, and a session that is too old among some is too old among more.
 *
 * <p>To refuse new ones that is not enough: two log-ins would each refuse themselves, or each let itself in. So those
 * that hold a place are written down in the principal's note, which is changed by compare-and-set: whoever finds a free
 * place gives it to the oldest log-in without one, be it its own or not, and who is not on the list then is refused. A
 * note that was lost is made again from the sessions that live.
 */
final class SessionCap {

    private final Principals principals;
    private final int places;
    private final CapPolicy policy;

    SessionCap(Principals principals, int places, CapPolicy policy) {
        this.principals = principals;
        this.places = places;
        this.policy = policy;
    }

    /** Returns whether a log-in that was just stored stays; else its session is ended. */
    boolean admits(LoadedSession mine, String principal) {
        return switch (policy) {
            case END_OLDEST -> endOldest(mine, principal);
            case REFUSE_NEW -> claimPlace(mine, principal);
        };
    }

    private boolean endOldest(LoadedSession mine, String principal) {
        NavigableMap<Login, List<LoadedSession>> live = byLogin(principal);
        while (live.size() > places) {
            while (live.size() > places) {
                live.pollFirstEntry().getValue().forEach(this::end);
            }
            live = byLogin(principal);
        }
        return live.containsKey(Login.of(mine));
    }

    private boolean claimPlace(LoadedSession mine, String principal) {
        Login login = Login.of(mine);
        PrincipalNote note = principals.change(principal, before -> {
            Set<Login> live = byLogin(principal).keySet();
            List<Login> admitted = new ArrayList<>(before.admitted());
            admitted.retainAll(live);
            for (Login candidate : live) {
                if (admitted.size() < places && !admitted.contains(candidate)) {
                    admitted.add(candidate);
                }
            }
            return before.withAdmitted(admitted);
        });
        if (note.admitted().contains(login)) {
            return true;
        }
        end(mine);
        return false;
    }

    private void end(LoadedSession session) {
        principals.delete(session.session(), EndReason.CAPPED);
    }

    private NavigableMap<Login, List<LoadedSession>> byLogin(String principal) {
        NavigableMap<Login, List<LoadedSession>> byLogin = new TreeMap<>();
        principals
                .live(principal)
                .forEach(session -> byLogin.computeIfAbsent(Login.of(session), any -> new ArrayList<>())
                        .add(session));
        return byLogin;
    }
}
