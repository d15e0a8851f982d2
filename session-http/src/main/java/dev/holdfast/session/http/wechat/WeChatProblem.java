package dev.holdfast.session.http.wechat;

import java.util.Objects;

/**
 * Why a code led to no user. A code is spent by then in all cases but {@link Kind#MALFORMED}, or may be: the mini-program gets
 * a new one from {@code wx.login}.
 *
 * @param kind what it is
 * @param code WeChat's {@code errcode}; 0 if WeChat gave none
 */
public record WeChatProblem(Kind kind, int code) implements WeChatAnswer {

    /** What can go wrong. */
    public enum Kind {
        /** The client sent what can't be a code; WeChat was not asked. */
        MALFORMED(Advice.NEW_CODE),
        /** 40029: WeChat does not know the code, or its five minutes are over. */
        INVALID_CODE(Advice.NEW_CODE),
        /** 40163, or known here: the code was presented before. */
        USED_CODE(Advice.NEW_CODE),
        /** 40226: WeChat takes the user for a risk, and blocks the log-in. */
        BLOCKED_USER(Advice.GIVE_UP),
        /** 45011 or 45009: too many calls, for this user or for the application. */
        TOO_MANY_CALLS(Advice.LATER),
        /** -1: WeChat is busy. */
        BUSY(Advice.LATER),
        /** 40013, 40125, 40002, 41002, 41004, 41008 and the like: application id, secret or request are wrong. */
        MISCONFIGURED(Advice.GIVE_UP),
        /** WeChat could not be reached: nothing was sent. */
        UNREACHABLE(Advice.LATER),
        /** No answer in time, or none that can be understood: the code may be spent, and is not sent again. */
        UNANSWERED(Advice.LATER),
        /** Another {@code errcode}. */
        OTHER(Advice.LATER);

        private final Advice advice;

        Kind(Advice advice) {
            this.advice = advice;
        }

        /** Returns what the client may do. */
        public Advice advice() {
            return advice;
        }
    }

    /** What a client may do about a problem. */
    public enum Advice {
        /** Log in again at once, with a new code. */
        NEW_CODE,
        /** Log in again after a while, with a new code. */
        LATER,
        /** Logging in again does not help. */
        GIVE_UP
    }

    public WeChatProblem {
        Objects.requireNonNull(kind, "kind");
    }

    static WeChatProblem of(int code) {
        return new WeChatProblem(
                switch (code) {
                    case -1 -> Kind.BUSY;
                    case 40029 -> Kind.INVALID_CODE;
                    case 40163 -> Kind.USED_CODE;
                    case 40226 -> Kind.BLOCKED_USER;
                    case 45009, 45011 -> Kind.TOO_MANY_CALLS;
                    case 40001, 40002, 40013, 40125, 41002, 41004, 41008 -> Kind.MISCONFIGURED;
                    default -> Kind.OTHER;
                },
                code);
    }
}
