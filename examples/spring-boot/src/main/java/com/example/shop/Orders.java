package com.example.shop;

import org.springframework.data.jpa.repository.JpaRepository;

/** The orders in the database. */
interface Orders extends JpaRepository<Order, Long> {}
