package io.snowline.server.http;

import io.snowline.server.access.Access;
import io.snowline.server.access.AnswersInFlight;
import io.snowline.server.access.Limits;
import io.snowline.server.config.GeneratorSettings;
import io.snowline.server.issuing.Issuer;
import java.util.concurrent.Semaphore;

/**
 * A namespace, with what guards the requests to it.
 *
 * <p>Thread-safe.
 *
 * @param issuer issues its IDs
 * @param tokens tells clients apart
 * @param answersInFlight bounds what is being sent, of the whole server
 * @param limits the other bounds
 * @param lookUps one permit for each look-up of a record that may run at the same time
 */
record GuardedIssuer(
        Issuer issuer, BearerTokens tokens, AnswersInFlight answersInFlight, Limits limits, Semaphore lookUps) {

    /** Puts the guards of a server in front of a namespace. */
    static GuardedIssuer of(Issuer issuer, Access access) {
        GeneratorSettings settings = issuer.settings();
        return new GuardedIssuer(
                issuer,
                new BearerTokens(
                        access.clients(settings.namespace(), settings.tokens(), !settings.leased()),
                        access.failedLogins()),
                access.answersInFlight(),
                access.limits(),
                new Semaphore(access.limits().lookUps()));
    }

    GeneratorSettings settings() {
        return issuer.settings();
    }
}
