package io.snowline.spring;

import com.baomidou.mybatisplus.core.incrementer.IdentifierGenerator;
import io.snowline.id.IdGenerator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * What MyBatis-Plus assigns with {@code IdType.ASSIGN_ID}: IDs of the primary namespace, in place of its own, which take
 * their node id from a MAC address and a process id.
 */
@AutoConfiguration(after = SnowlineAutoConfiguration.class)
@ConditionalOnClass(IdentifierGenerator.class)
@ConditionalOnBean(SnowlineNamespaces.class)
final class MyBatisPlusAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    IdentifierGenerator snowlineIdentifierGenerator(IdGenerator primary) {
        return entity -> primary.nextId();
    }
}
