package dev.holdfast.demo;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The frame that all pages share. */
final class Page {

    private static final String FRAME = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{} · Holdfast demo</title>
            <link rel="icon" href="/icon.svg" type="image/svg+xml">
            <link rel="stylesheet" href="/style.css">
            </head>
            <body>
            <a class="skip" href="#content">Skip to the content</a>
            <header>
            <a class="brand" href="/"><img src="/icon.svg" alt="" width="28" height="28">Holdfast <span>demo</span></a>
            <nav aria-label="Pages"><a href="/">Home</a><a href="/members">Members</a><a href="/mini-program">Mini-program</a></nav>
            </header>
            <main id="content">
            {}
            </main>
            <footer>Sessions that hold, whatever keeps them. This page runs no scripts.</footer>
            </body>
            </html>
            """;

    private Page() {}

    static void send(HttpServletResponse response, int status, String title, Html content) throws IOException {
        response.setStatus(status);
        response.setContentType("text/html;charset=UTF-8");
        response.getWriter().write(Html.of(FRAME, title, content).markup());
    }

    /** A page with nothing but a heading, a sentence and the way back. */
    static void message(HttpServletResponse response, int status, String title, String sentence) throws IOException {
        send(response, status, title, Html.of("""
                <h1>{}</h1>
                <p class="lead">{}</p>
                <p><a class="button" href="/">Back to the home page</a></p>
                """, title, sentence));
    }
}
