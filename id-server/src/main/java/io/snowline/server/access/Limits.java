package io.snowline.server.access;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The bounds of a server.
 *
 * <p>Immutable and thread-safe.
 *
 * @param connections the most connections to the application port
 * @param connectionsPerAddress the most of them from one address
 * @param headerTime how long a client may take to send the head of a request, from its first octet, or a TLS handshake
 * @param answerTime how long a request may take in all, from its first octet until its answer is sent
 * @param answersInFlight the most octets of answers that are being prepared and sent; small ones are not counted
 * @param lookUps the most look-ups of records that run at the same time in one namespace
 * @param failedLoginsPerMinute how many wrong tokens an address may send
 * @param idsPerSecond how many IDs a client may take from a namespace; empty for any number
 * @param idsPerDay how many IDs a client may take from a namespace in recorded mode, in a day of UTC; empty for any number
 */
public record Limits(
        int connections,
        int connectionsPerAddress,
        Duration headerTime,
        Duration answerTime,
        long answersInFlight,
        int lookUps,
        int failedLoginsPerMinute,
        OptionalInt idsPerSecond,
        OptionalLong idsPerDay) {}
