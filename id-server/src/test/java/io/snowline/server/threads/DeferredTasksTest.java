package io.snowline.server.threads;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeferredTasksTest {

    private final List<String> done = new ArrayList<>();

    @Test
    void aThreadThatGivesNoAnswersTakesNoTask() {
        assertThat(DeferredTasks.add(() -> done.add("task"))).isFalse();
        DeferredTasks.following(() -> done.add("answer"));
        assertThat(DeferredTasks.add(() -> done.add("task"))).isFalse();

        assertThat(done).containsExactly("answer");
    }

    @Test
    void tasksAreDoneAfterTheAnswersInTheirOrderAndSoIsWhatTheyLeave() {
        DeferredTasks.following(() -> {
            assertThat(DeferredTasks.add(() -> {
                        done.add("first task");
                        DeferredTasks.add(() -> done.add("left by the first"));
                    }))
                    .isTrue();
            DeferredTasks.add(() -> done.add("second task"));
            done.add("answer");
        });

        assertThat(done).containsExactly("answer", "first task", "second task", "left by the first");
    }

    @Test
    void whoeverWaitsBetweenTwoAnswersDoesTheTasksBefore() {
        DeferredTasks.catchUp();
        DeferredTasks.following(() -> {
            DeferredTasks.add(() -> done.add("task"));
            done.add("answer");
            DeferredTasks.catchUp();
            done.add("next answer");
        });

        assertThat(done).containsExactly("answer", "task", "next answer");
    }

    @Test
    void anErrorInATaskIsReportedAndEndsNothing() throws InterruptedException {
        List<Throwable> reported = new ArrayList<>();
        AssertionError broken = new AssertionError("broken on purpose");
        Thread thread = new Thread(() -> DeferredTasks.following(() -> {
            DeferredTasks.add(() -> {
                throw broken;
            });
            DeferredTasks.add(() -> done.add("second task"));
        }));
        thread.setUncaughtExceptionHandler((where, error) -> reported.add(error));
        thread.start();
        thread.join();

        assertThat(reported).containsExactly(broken);
        assertThat(done).containsExactly("second task");
    }
}
