package dev.holdfast.demo;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/** The page that plays a mini-program, with its two cures and what the tutorial got wrong about them. */
final class PhonePage extends HttpServlet {

    static final String PATH = "/mini-program";

    private static final long serialVersionUID = 1L;

    private final transient Phone phone;

    PhonePage(Phone phone) {
        this.phone = phone;
    }

    /** What the buttons do; {@link Action} has checked that they are ours. */
    void press(HttpServletRequest request, HttpServletResponse response) throws IOException {
        phone.press(Objects.requireNonNullElse(request.getParameter("button"), ""), request.getSession());
        response.sendRedirect(PATH + "#exchange", HttpServletResponse.SC_SEE_OTHER);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpSession storage = request.getSession();
        Html csrf = Csrf.field(storage);
        Page.send(
                response,
                HttpServletResponse.SC_OK,
                "Mini-program",
                Html.of("""
                <h1>A mini-program keeps its session</h1>
                <p class="lead">The buttons press those of a phone. It speaks to this site's own API, and a stand-in plays WeChat.</p>
                <div class="columns"><div>{}{}{}</div><div>{}</div></div>
                """, nothing(csrf), cookie(storage, csrf), token(storage, csrf), exchange(storage)));
    }

    private static Html nothing(Html csrf) {
        return Html.of("""
                <section class="card" aria-labelledby="nothing">
                <h2 id="nothing">No cure</h2>
                <p>The tutorial blames a session_key that each request has anew, and sites without https. The reason is plain: wx.request keeps no cookies, so every request comes without one, and session_key is no business of the client at all.</p>
                {}
                </section>
                """, form(csrf, button("bare", "Ask without anything", false)));
    }

    private static Html cookie(HttpSession storage, Html csrf) {
        boolean none = Phone.cookie(storage).isEmpty();
        return Html.of(
                """
                <section class="card" aria-labelledby="cure1">
                <h2 id="cure1">Cure 1: the phone keeps the cookie</h2>
                <p>The tutorial writes a PHPSESSID into the header by hand and never says how the phone came by it. Here the phone keeps what the log-in answered, WeChat says whose session it is, and an id that nobody gave out opens nothing.</p>
                <p class="small">{}</p>
                {}
                </section>
                """,
                none ? "The phone keeps no cookie." : "The phone keeps a cookie.",
                form(
                        csrf,
                        button("login-cookie", "Log in, keep the cookie", false),
                        button("ask-cookie", "Ask with the cookie", none)));
    }

    private static Html token(HttpSession storage, Html csrf) {
        boolean none = Phone.token(storage).isEmpty();
        return Html.of(
                """
                <section class="card" aria-labelledby="cure2">
                <h2 id="cure2">Cure 2: the phone sends a token</h2>
                <p>The tutorial's token never ends, tells who the user is, is signed with a key that stands in the source, and can't be taken back. Here it is good for a quarter of an hour and only points to a session, so to renew or revoke it works at once.</p>
                <p class="small">{}</p>
                {}
                </section>
                """,
                none ? "The phone keeps no token." : "The phone keeps a token.",
                form(
                        csrf,
                        button("login-token", "Log in, keep the token", false),
                        button("ask-token", "Ask with the token", none),
                        button("refresh", "Renew the token", none),
                        button("revoke", "Revoke it", none)));
    }

    private static Html form(Html csrf, Html... buttons) {
        return Html.of(
                "<form class=\"buttons\" method=\"post\" action=\"/mini-program/press\">{}{}</form>",
                csrf,
                Html.all(List.of(buttons)));
    }

    private static Html button(String name, String label, boolean disabled) {
        return Html.of(
                "<button name=\"button\" value=\"{}\"{}>{}</button>",
                name,
                disabled ? new Html(" disabled") : Html.NONE,
                label);
    }

    private static Html exchange(HttpSession storage) {
        String log = Phone.log(storage);
        return Html.of("""
                <section class="card" id="exchange" aria-labelledby="wire">
                <h2 id="wire">On the wire</h2>
                <pre role="status" tabindex="0" aria-labelledby="wire">{}</pre>
                <p class="small">Ids and tokens are cut short. The phone keeps a token that was revoked, to show what happens.</p>
                </section>
                """, log.isEmpty() ? "Nothing was sent yet." : log);
    }
}
