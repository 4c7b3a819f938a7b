package io.snowline.server.threads;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AfterwardsTest {

    private final List<String> done = new ArrayList<>();

    @Test
    void aThreadThatGivesNoAnswersTakesNoTask() {
        assertThat(Afterwards.add(() -> done.add("task"))).isFalse();
        Afterwards.following(() -> done.add("answer"));
        assertThat(Afterwards.add(() -> done.add("task"))).isFalse();

        assertThat(done).containsExactly("answer");
    }

    @Test
    void tasksAreDoneAfterTheAnswersInTheirOrderAndSoIsWhatTheyLeave() {
        Afterwards.following(() -> {
            assertThat(Afterwards.add(() -> {
                        done.add("first task");
                        Afterwards.add(() -> done.add("left by the first"));
                    }))
                    .isTrue();
            Afterwards.add(() -> done.add("second task"));
            done.add("answer");
        });

        assertThat(done).containsExactly("answer", "first task", "second task", "left by the first");
    }

    @Test
    void whoeverWaitsBetweenTwoAnswersDoesTheTasksBefore() {
        Afterwards.catchUp();
        Afterwards.following(() -> {
            Afterwards.add(() -> done.add("task"));
            done.add("answer");
            Afterwards.catchUp();
            done.add("next answer");
        });

        assertThat(done).containsExactly("answer", "task", "next answer");
    }

    @Test
    void anErrorInATaskIsReportedAndEndsNothing() throws InterruptedException {
        List<Throwable> reported = new ArrayList<>();
        AssertionError broken = new AssertionError("broken on purpose");
        Thread thread = new Thread(() -> Afterwards.following(() -> {
            Afterwards.add(() -> {
                throw broken;
            });
            Afterwards.add(() -> done.add("second task"));
        }));
        thread.setUncaughtExceptionHandler((where, error) -> reported.add(error));
        thread.start();
        thread.join();

        assertThat(reported).containsExactly(broken);
        assertThat(done).containsExactly("second task");
    }
}
