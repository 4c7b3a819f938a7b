package io.snowline.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The models of {@code docs/model} hold, and each mutant of them fails: one test for each row of the table in
 * {@code docs/model/check}, which is printed at the end. The few rows that take longest are checked only with
 * {@code -Dsnowline.model.full=true}.
 */
class ModelIT {

    private static final List<String> ROWS = Collections.synchronizedList(new ArrayList<>());

    @BeforeAll
    static void spinIsThere() {
        Spin.require();
    }

    @AfterAll
    static void printTable() {
        System.out.printf("%-26s| %9s | %s%n", "model or mutant", "states", "result");
        ROWS.forEach(System.out::print);
    }

    @TestFactory
    @Execution(ExecutionMode.CONCURRENT)
    Stream<DynamicTest> modelsHoldAndMutantsFail() {
        Spin.Result names = Spin.check(Boolean.getBoolean("snowline.model.full") ? "--list" : "--short");
        assertThat(names.exitValue()).as(names.output()).isZero();
        return names.output().lines().map(name -> DynamicTest.dynamicTest(name, () -> rowIsAsExpected(name)));
    }

    private static void rowIsAsExpected(String name) {
        Spin.Result result = Spin.check(name);
        ROWS.add(result.output());
        assertThat(result.exitValue()).as(result.output()).isZero();
    }
}
