ALTER TABLE `centers` ADD `status` text DEFAULT 'up' NOT NULL;--> statement-breakpoint
ALTER TABLE `centers` ADD `status_since` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `centers` ADD `standby` text;--> statement-breakpoint
ALTER TABLE `centers` ADD `pinned` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `epochs` ADD `home` text;