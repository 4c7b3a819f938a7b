package io.snowline.server.faults;

import java.util.regex.Pattern;

/** Why a request may be refused with 503, told by what the answer says. */
enum Refusal {
    /** The server has not heard from the coordinator yet, or has lost its node id and looks for another. */
    STARTING("the coordinator has not answered yet|another node id is being acquired"),

    /** Every node id is held. */
    NO_FREE_NODE("node ids for this process"),

    /** The window is used up, and the next one may not start yet. */
    WINDOW_AHEAD("the next window|the window is used up"),

    /** The backend does not answer. */
    AWAY("the coordinator did not answer"),

    /** The server's clock and the backend's differ too much. */
    CLOCKS_DISAGREE("clock");

    private final Pattern pattern;

    Refusal(String pattern) {
        this.pattern = Pattern.compile(pattern);
    }

    /** Tells whether a body of an answer is this kind of refusal. */
    boolean says(String body) {
        return pattern.matcher(body).find();
    }
}
