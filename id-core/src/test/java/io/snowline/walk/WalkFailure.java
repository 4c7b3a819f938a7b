package io.snowline.walk;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** A path on which a check fails: the choices that lead there, and what happened on the way, in words. */
final class WalkFailure extends AssertionError {

    private static final long serialVersionUID = 1;

    private final transient List<Integer> choices;

    private WalkFailure(List<Integer> choices, List<String> trace, Throwable cause) {
        super(
                cause + "\nafter the choices " + text(choices) + "\n  "
                        + trace.stream().collect(Collectors.joining("\n  ")),
                cause);
        this.choices = choices;
    }

    /** Makes the failure of a path by walking it again, this time with a trace. */
    static WalkFailure of(Supplier<? extends Scene> scenes, List<Integer> choices, Throwable first) {
        List<String> trace = new ArrayList<>();
        Throwable cause = first;
        try {
            replay(scenes, choices, trace);
            trace.add("(the same choices did not fail again)");
        } catch (AssertionError | RuntimeException again) {
            cause = again;
        }
        return new WalkFailure(choices, trace, cause);
    }

    /**
     * Walks one path again.
     *
     * @param trace receives the events, in words
     */
    static void replay(Supplier<? extends Scene> scenes, List<Integer> choices, List<String> trace) {
        try (Scene scene = scenes.get()) {
            scene.narrateTo(trace::add);
            for (int choice : choices) {
                Event event = scene.enabled().get(choice);
                trace.add("%2d. %s".formatted(trace.size() + 1, event.step().name()));
                event.action().run();
            }
        }
    }

    /** Returns the index of the step taken, among those possible, at each place of the path. */
    List<Integer> choices() {
        return choices;
    }

    /** Writes choices in the form that {@link #parse} reads. */
    static String text(List<Integer> choices) {
        return choices.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    static List<Integer> parse(String text) {
        return List.of(text.split(",")).stream().map(Integer::valueOf).toList();
    }
}
