package io.snowline.walk;

/**
 * How often something may still happen on a path: the budget of faults is shared by all processes, that of work is for
 * each of them.
 */
final class Budget {

    /** Calls that get no answer. */
    int unanswered;

    /** Requests that arrive twice. */
    int repeated;

    /** Crashes. */
    int crashes;

    /** Orderly stops. */
    int closes;

    Budget unanswered(int times) {
        unanswered = times;
        return this;
    }

    Budget repeated(int times) {
        repeated = times;
        return this;
    }

    Budget crashes(int times) {
        crashes = times;
        return this;
    }

    Budget closes(int times) {
        closes = times;
        return this;
    }
}
