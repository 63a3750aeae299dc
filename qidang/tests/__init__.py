"""Tests of the whole house: its shape, its documents, its upgrades, its journeys."""
