package dev.holdfast.demo;

/** What this site does otherwise than the tutorial whose site it is. */
final class Differences {

    static final Html LIST = new Html("""
            <section class="card wide" aria-labelledby="differences">
            <h2 id="differences">What the tutorial's site got wrong</h2>
            <p>Home, members only, log out: this is the site of a well-known kind of PHP tutorial, done right.</p>
            <ul>
            <li>It pasted the user's input into the SQL. Here a prepared statement asks for the name, and a slow, salted hash answers for the password.</li>
            <li>It kept the session id at log-in, so an id planted before was good afterwards. Here the log-in changes the id, and the old one is dead at once.</li>
            <li>Its log-out was a link, which any other site could embed. Here it is a form with a secret of the session.</li>
            <li>Its log-out page forgot whom to log out before it looked, and left the cookie behind. Here the record is gone, the cookie expires, and no late request brings the session back.</li>
            <li>It says that a cookie without an expiry date lives for ever. Such a cookie, like this site's, lives until the browser closes.</li>
            </ul>
            </section>
            """);

    private Differences() {}
}
