ALTER TABLE `fx_rates` ADD `as_of` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `fx_rates` ADD `good_for_ms` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
UPDATE `fx_rates` SET `as_of` = unixepoch() * 1000, `good_for_ms` = 3600000;
