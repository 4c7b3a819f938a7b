package io.snowline.coordination.tck;

import java.util.Set;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** The contract on a broken coordinator, which is named in a configuration parameter. */
@ExtendWith(BrokenContract.ByName.class)
class BrokenContract extends MapContract {

    static final String MISTAKE = "mistake";

    private final BrokenCoordinators.Mistake mistake;

    BrokenContract(BrokenCoordinators.Mistake mistake) {
        this.mistake = mistake;
    }

    @Override
    MapCoordinator open(MapStore store) {
        return mistake.opener().apply(store);
    }

    @Override
    protected Set<Feature> features() {
        return mistake.features();
    }

    static final class ByName implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == BrokenCoordinators.Mistake.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return BrokenCoordinators.named(
                    context.getConfigurationParameter(MISTAKE).orElseThrow());
        }
    }
}
