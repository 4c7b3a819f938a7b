package io.snowline.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HarvestTest {

    @Test
    void anIdThatIsInTwoBatchesIsFound() {
        Harvest harvest = new Harvest();
        harvest.add(new long[] {5, 7, 9});
        harvest.add(new long[] {6, 7});
        assertThat(harvest.count()).isEqualTo(5);
        assertThat(harvest.findDuplicate()).isEqualTo(7);
    }

    @Test
    void idsThatAllDifferAreNoDuplicates() {
        Harvest harvest = new Harvest();
        harvest.add(new long[] {Long.MAX_VALUE, 0, 9});
        harvest.add(new long[] {});
        harvest.add(new long[] {1});
        assertThat(harvest.findDuplicate()).isEqualTo(-1);
    }
}
